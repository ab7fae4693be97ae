"""Work for programs: read, agreed on, ended; agreements and receipts as files."""
