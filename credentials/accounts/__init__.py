"""Who may act: API keys of issuers (people, organisations and sign-in come with later work)."""
