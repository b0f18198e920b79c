"""Properties, held to the slow model."""
