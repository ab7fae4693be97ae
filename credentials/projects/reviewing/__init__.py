"""Review, assessment, and acceptance: from a submission to the award that is signed."""
