"""The fictional county 云岭县 (江岭省云州市): data, texts and pictures for `menhu demo` and for tests."""
