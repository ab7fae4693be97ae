"""What a sandbox has besides: a candidate who takes their steps when they are asked to."""
