// Package baseline records which cases are known to fail, and holds a run's results against that record.
//
// A baseline is a YAML file that a person reads, and that cookiegate accept writes: each cell has the outcome that it fails with, the reason,
// a link, and perhaps an end. A case that fails as recorded closes no gate; one that fails otherwise, or for longer than was agreed, does.
// Nothing is a pass because a baseline says so: the case stays failed, and is shown as known to fail.
package baseline
