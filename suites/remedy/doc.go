// Package remedy is what can be done about a session that does not hold: each remedy as a function from a Case to a Case with one thing
// changed, so that it can be tried, and as a text for the person who is to do it.
//
// The texts are data (remedies.yaml): clicks by browser, files to deploy, lines for a proxy, and a warning where a remedy makes a browser
// less private.
package remedy
