// A stream of Benthos as its users write one, which does for an order what the product does: from a topic of Kafka to
// requests of 1,000 events. It is measured beside the product.
//
//	PEER_SOURCE=kafka KAFKA_BROKERS=… KAFKA_TOPICS=… KAFKA_GROUP_ID=… SINK_URL=… peer
//	PEER_SOURCE=stdin peer        orders by lines in, what would be sent by lines out
package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	_ "github.com/redpanda-data/benthos/v4/public/components/io"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
)

//go:embed mapping.blobl
var mapping string

const fromTopic = `
franz:
  brokers: "${KAFKA_BROKERS}"
  topic: "${KAFKA_TOPICS}"
  group: "${KAFKA_GROUP_ID}"
`

// As much of Benthos as sends requests like the product's: 1,000 events or what came within 500 ms, four under way.
const toSink = `
http_client:
  url: "${SINK_URL}/v26.0/1234567890/events"
  verb: POST
  headers:
    Content-Type: application/json
    Authorization: Bearer bench-token
  max_in_flight: 4
  batching:
    count: 1000
    period: 500ms
    processors:
      - archive:
          format: json_array
      - mapping: 'root.data = this'
`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	input, output := fromTopic, toSink
	if os.Getenv("PEER_SOURCE") == "stdin" {
		input, output = "stdin: {}", "stdout: {}"
	}
	if err := service.RegisterBatchInput("franz", franzConfig, newFranzInput); err != nil {
		return err
	}
	builder := service.NewStreamBuilder()
	steps := []func() error{
		func() error { return builder.SetLoggerYAML("level: ERROR") },
		func() error { return builder.AddInputYAML(input) },
		func() error {
			return builder.AddProcessorYAML("mapping: |\n  " + strings.ReplaceAll(mapping, "\n", "\n  "))
		},
		func() error { return builder.AddOutputYAML(output) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	stream, err := builder.Build()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := stream.Run(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}
