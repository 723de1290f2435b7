// Package process starts processes, a browser's first of all, so that none of them outlives the program that started it.
//
// A browser is a tree of processes. It gets a process group of its own, so that Ctrl-C in a terminal does not reach it before the
// program has had its say, and so that the whole tree can be killed at once. Where the system can (Linux), the kernel kills it when
// the program dies, even of kill -9.
package process
