// Package predict says what will become of a case without a browser: the case's steps are gone through against the policy model's jar, and a
// site that knows as much of sessions as the outcome needs. It is a prediction, and whoever shows it says so.
//
// It holds for the sample portals and the filters of this module. What it predicts is compared with what is written by hand of every cell of
// the matrix, every scenario and every report.
package predict
