"""After completed work a company offers a further project or a job."""
