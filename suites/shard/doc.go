// Package shard divides a run over several machines and puts it together again.
//
// A Shard holds the cases whose names hash into it, so that adding a case moves no other. Each shard leaves a Blob, which holds everything
// that a report needs; Merge makes one run of the blobs of all shards, or says which do not belong together.
package shard
