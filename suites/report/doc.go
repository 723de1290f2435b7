// Package report writes what a run found, for a person at a terminal, for a pipeline and for a browser.
//
// A Run is a plain value: every writer here is a function of it, so that a run read back from results.json gives the same
// report as the run that wrote it. All writers redact (see Redact), order cases by suite and identifier, and write nothing
// that depends on the machine or on the order in which cases finished.
package report
