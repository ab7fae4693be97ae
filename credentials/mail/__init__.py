"""Mail: letters, the outbox they wait in, and how they leave."""
