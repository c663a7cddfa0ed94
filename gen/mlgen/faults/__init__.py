"""What a validator refuses -> problems in words. Empty, so that a rule that needs one word does not load them all."""
