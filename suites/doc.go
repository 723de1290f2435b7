// Package suites gathers the cases of all suites, runs those that were selected, and writes what came out.
//
// The packages below it say what must hold: matrix, scenarios, examples and reports make cases of what fixtures say, e2e is the Ginkgo suite in which every case is a spec.
package suites
