package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/redpanda-data/benthos/v4/public/service"
	"github.com/twmb/franz-go/pkg/kgo"
)

var franzConfig = service.NewConfigSpec().
	Field(service.NewStringField("brokers")).
	Field(service.NewStringField("topic")).
	Field(service.NewStringField("group"))

// A batch is what a fetch brought of one partition. It is committed when it was sent, and with it those before it.
type franzInput struct {
	options []kgo.Opt
	client  *kgo.Client
	waiting []*kgo.FetchPartition
	topic   string
	sent    *checkpoints
}

func newFranzInput(conf *service.ParsedConfig, _ *service.Resources) (service.BatchInput, error) {
	brokers, err := conf.FieldString("brokers")
	if err != nil {
		return nil, err
	}
	topic, err := conf.FieldString("topic")
	if err != nil {
		return nil, err
	}
	group, err := conf.FieldString("group")
	if err != nil {
		return nil, err
	}
	input := &franzInput{topic: topic, sent: newCheckpoints()}
	input.options = []kgo.Opt{
		kgo.SeedBrokers(strings.Split(brokers, ",")...),
		kgo.ConsumeTopics(topic),
		kgo.ConsumerGroup(group),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.AutoCommitMarks(),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) {
			fmt.Fprintln(os.Stderr, "ready")
		}),
		kgo.OnPartitionsRevoked(func(ctx context.Context, client *kgo.Client, lost map[string][]int32) {
			_ = client.CommitMarkedOffsets(ctx)
			input.sent.forget(lost[topic])
		}),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, lost map[string][]int32) {
			input.sent.forget(lost[topic])
		}),
	}
	return service.AutoRetryNacksBatched(input), nil
}

func (f *franzInput) Connect(context.Context) error {
	if f.client != nil {
		return nil
	}
	client, err := kgo.NewClient(f.options...)
	f.client = client
	return err
}

func (f *franzInput) ReadBatch(ctx context.Context) (service.MessageBatch, service.AckFunc, error) {
	for len(f.waiting) == 0 {
		fetches := f.client.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			return nil, nil, err
		}
		fetches.EachPartition(func(of kgo.FetchTopicPartition) {
			if len(of.Records) > 0 {
				f.waiting = append(f.waiting, &of.FetchPartition)
			}
		})
	}
	records := f.waiting[0].Records
	f.waiting = f.waiting[1:]
	batch := make(service.MessageBatch, len(records))
	for i, record := range records {
		batch[i] = service.NewMessage(record.Value)
	}
	done := f.sent.begin(records[len(records)-1])
	return batch, func(context.Context, error) error {
		if last := done(); last != nil {
			f.client.MarkCommitRecords(last)
		}
		return nil
	}, nil
}

func (f *franzInput) Close(ctx context.Context) error {
	if f.client == nil {
		return nil
	}
	err := f.client.CommitMarkedOffsets(ctx)
	f.client.Close()
	return err
}
