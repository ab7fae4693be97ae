"""The pages of a person about a credential that they took as theirs."""
