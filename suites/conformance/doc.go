// Package conformance holds the policy model against real browsers: every form of cookie, planted and read in every kind of place, under
// every policy, must come back where the model says so and nowhere else.
//
// One page load answers for all forms at once, so thousands of cells cost a few hundred loads. What a browser sends is taken from the
// requests that arrive, not from a page.
package conformance
