// Package journalmatch has Gomega matchers about what a simulator's journal saw:
//
//	Expect(server.Journal("acme")).To(HaveEntry(Command("HM"), User("alice"), Succeeded()))
//	Eventually(server.Journal("acme")).Should(HaveEntries(2, Command("LI")))
//	Expect(server.Journal("acme")).To(HaveSequence(Entry(Command("LI")), Entry(Command("HM"), Denied())))
//
// They take a *journal.Journal, which they read anew each time, or a []journal.Entry, as the control API's client gives it. A failure prints the
// nearest entries, and what about each of them is not as it should be.
package journalmatch
