package main

import (
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Batches of a partition may be sent out of order: what may be committed is the end of those before which all are done.
type checkpoints struct {
	mutex sync.Mutex
	open  map[int32][]*batchEnd
}

type batchEnd struct {
	last *kgo.Record
	done bool
}

func newCheckpoints() *checkpoints {
	return &checkpoints{open: map[int32][]*batchEnd{}}
}

// What it returns is called when the batch was sent; it gives the record up to which all is done now, if that has grown.
func (c *checkpoints) begin(last *kgo.Record) func() *kgo.Record {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	end := &batchEnd{last: last}
	c.open[last.Partition] = append(c.open[last.Partition], end)
	return func() *kgo.Record {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		end.done = true
		open := c.open[last.Partition]
		var reached *kgo.Record
		// A partition that was lost meanwhile has none of them any more.
		if !slices.Contains(open, end) {
			return nil
		}
		for len(open) > 0 && open[0].done {
			reached, open = open[0].last, open[1:]
		}
		c.open[last.Partition] = open
		return reached
	}
}

func (c *checkpoints) forget(partitions []int32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, partition := range partitions {
		delete(c.open, partition)
	}
}
