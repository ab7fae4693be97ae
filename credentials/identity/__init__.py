"""Who a company is: proofs that a domain is its own, and whom its name or its domain looks like."""
