"""The verifying half of the W3C VC API, now VCALM: its words for what our report says."""
