// Package intake reads what a customer sends: a recording of his browser (HAR), exports of its policies and cookies, Internet Explorer's
// settings, and the report that goes with them.
//
// Every file is a stranger's. Readers are pure: no browser, no network, no clock. They are bounded in what they read and keep, and an
// error says where in the file it is wrong and what was expected there (Mistake). Secrets are taken out as soon as they are read: of a
// password or a ticket nothing is kept, of a cookie's value a fingerprint.
//
// What a reader cannot translate it names (Untranslated), and what a person should be asked it asks (Finding); neither is an error.
package intake
