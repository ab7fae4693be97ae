"""What a candidate shows: the credential's page, the portfolio, the issuer's page, QR codes and covers."""
