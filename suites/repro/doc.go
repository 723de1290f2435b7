// Package repro goes from a customer's complaint to a proven cure: it reads what he sent (Read), finds the cases that could be meant and which
// the evidence fits best (Search), runs the best one in a real browser, with every remedy (Reproduce), or says from the policy model alone
// what would come out (Explain), and packs the evidence (WriteBundle).
package repro
