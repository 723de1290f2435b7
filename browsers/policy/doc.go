// Package policy holds the cookie policy as a value and the rules by which each engine decides about a cookie under it.
//
// A [Policy] is what a person, an IT department or a network has decided. [Decide] says what an engine of some version does under it with a [Cookie] in a
// [Context], for storing and for sending, with the rule that decided and where that rule is known from. [Under] reads a policy once for many cells, and
// its [Model.Jar] predicts a sequence of answers and requests hop by hop. [Wire] puts the rules of an Internet Explorer between a real browser and its
// sites.
//
// Each engine has a file of its own, written after its source and documentation, and held against the browsers at hand where that was possible; a
// [Verdict] says which. Internet Explorer's rules come from Microsoft's published documents alone.
//
// The package is pure: no I/O, no clock, nothing of this module imported.
package policy
