"""Questions above a screen, each typed by what it gives back: ``await app.push_screen_wait(Confirm(…))``."""
