"""Review for programs: verdicts, the assessment, what was paid."""
