// Package screen is an X server without a screen: for a browser that has no headless mode, and for a test of windows where nobody looks.
package screen
