package process

// Mount lets a process find Source where everybody else finds Target, a file or folder that exists.
type Mount struct{ Source, Target string }
