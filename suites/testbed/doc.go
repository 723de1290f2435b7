// Package testbed runs cases: a Case is a plain value, a Station is one simulator, one front door and one browser process under one
// cookie policy at a time, and a Result is what became of a case there. A Scheduler's workers take cases to stations.
//
// The outcome of a case is decided by the simulator's journal, the cause by the front door's ledger, the engine's own words and the
// policy model. What a page shows is evidence, never a verdict on the session: it decides one
// thing only, whether a portal that does not work told its host what to do.
package testbed
