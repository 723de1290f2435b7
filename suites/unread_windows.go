package suites

import "os"

// Unread says that nobody reads f any more; here nobody can know before something is written.
func Unread(*os.File) bool { return false }
