"""The issuing half of the W3C VC API, now VCALM: credentials offered whole, and status by purpose."""
