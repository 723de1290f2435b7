// Package drivertest is the table that every driver has to pass: the steps and where they reach, what a session keeps to itself, what
// becomes of a browser that dies. A new driver's test calls Run and is done.
package drivertest
