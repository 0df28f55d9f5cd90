"""A learner's place on an edition: taking it, keeping it, giving it up."""
