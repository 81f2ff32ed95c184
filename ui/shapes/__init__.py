"""The API's answers, as the screens read them; what a screen doesn't need is left aside."""
