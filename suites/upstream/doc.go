// Package upstream starts the portals that people bring, and leads what their servers ask of Webex into the case at hand.
//
// A portal's process is told of one proxy and one certificate authority, in its environment, when it starts. Cases have a front door each. So every
// process has a Relay of its own that leads to the door of the case that borrowed it, and is lent to one case at a time: what the
// server asks lands in that case's simulator and in no other. A Pool starts as many processes as cases run side by side. A portal that
// listens on one fixed address can be there only once; its cases wait for each other. One that ran already was not told of the relay, so what its server
// asks of Webex does not come here.
package upstream
