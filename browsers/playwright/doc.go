// Package playwright is what the two engines driven by Playwright share: the driver process, and sessions, steps, frames, popups and
// the page clock on top of it.
//
// The browsers are started by their own packages and not by Playwright, which only attaches to them. So the profile, the process tree
// and the mounts are ours, what the settings say is what we wrote, and the death of the driver process cannot leave a browser behind.
package playwright
