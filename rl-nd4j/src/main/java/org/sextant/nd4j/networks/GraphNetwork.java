// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.api.experience.Layout;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.Head;
import org.sextant.models.Capabilities;
import org.sextant.models.Sequences;
import org.sextant.models.decoding.NextTokens;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.network.Network;
import org.sextant.models.network.NetworkShape;
import org.sextant.models.optimiser.Optimiser;

/**
 * A Deeplearning4j {@code ComputationGraph} from tokens to logits of the next one [rows, vocabulary, time], and perhaps to heads [rows, 1, time] named
 * {@code value} and {@code score}. Losses are ours: gradients of outputs go into its backward pass as external errors, and add up over passes until
 * its {@link Updating updater} moves the weights. What computes a loss in its outputs is made into what computes logits ({@link GraphOutputs}); a
 * graph that sees the future is refused ({@link Probe}).
 *
 * <p>Rows of a pass are filled up at their ends to one length. A graph that looks back alone never sees the filling, and errors there are zero.
 */
public final class GraphNetwork implements Network {
    private final ComputationGraph graph;
    private final int threads;
    private final GraphInput input;
    private final GraphOutputs outputs;
    private final NetworkShape shape;
    private final Updating updating;
    private final Noise noise;
    private final NativeMemory memory;
    private final GraphGradients gradients;
    private final Optional<SteppedGraph> stepped;

    /**
     * @param graph owned from now on; its outputs have no losses
     * @throws ModelFileException if it is no policy: see {@link Probe}
     */
    private GraphNetwork(ComputationGraph graph, int context, Updating updating, int threads) {
        this.graph = graph;
        this.threads = threads;
        this.input = GraphInput.of(graph.getConfiguration());
        this.outputs = GraphOutputs.of(graph.getConfiguration());
        this.updating = updating;
        this.noise = new Noise(graph);
        this.gradients = new GraphGradients(graph);
        int vocabulary = said(List.of(new int[1])).get(outputs.logits()).width();
        this.shape = GraphShapes.of(graph.getConfiguration(), outputs, context, vocabulary);
        this.memory = new NativeMemory(shape.activationBytesPerToken());
        Probe probe = new Probe(this, Math.min(input.ids(), vocabulary), context);
        probe.requireFinite();
        probe.requireLogits(input, vocabulary);
        this.stepped = probe.elsewhere(graph.params(), () -> {
            probe.requireCausal();
            probe.requireAlone();
            return probe.steps(new SteppedGraph(graph, input, outputs, shape, memory));
        });
    }

    /**
     * A network of a graph.
     *
     * @param configuration of the graph; taken over
     * @param parameters its weights; empty for fresh ones
     * @param seed of fresh weights
     * @param context longest sequence that it is used for
     * @param threads at least 1; for all that ND4J computes in this process
     * @throws ModelFileException if the graph is no policy, with the reason
     */
    public static GraphNetwork of(
            ComputationGraphConfiguration configuration,
            Optional<INDArray> parameters,
            long seed,
            int context,
            Updating updating,
            int threads) {
        RunningNd4j.start().useThreads(threads);
        GraphOutputs.withoutLosses(configuration);
        // Workspaces hand out memory that wrapper layers use after it has been given back.
        configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        // Truncated, gradients would begin at states that other rows left.
        configuration.setBackpropType(BackpropType.Standard);
        ComputationGraph graph = new ComputationGraph(configuration);
        try {
            if (parameters.isPresent()) {
                graph.init(parameters.get(), false);
            } else {
                seed(configuration, seed);
                Nd4j.getRandom().setSeed(seed);
                graph.init();
            }
            updating.requireFits(graph);
            return new GraphNetwork(graph, context, updating, threads);
        } catch (ModelFileException e) {
            graph.close();
            throw e;
        } catch (RuntimeException e) {
            throw new ModelFileException("Deeplearning4j cannot run the graph on tokens: " + e.getMessage(), e);
        }
    }

    /** In every place: Deeplearning4j notes the time of day where none was given. */
    private static void seed(ComputationGraphConfiguration configuration, long seed) {
        configuration.getDefaultConfiguration().setSeed(seed);
        for (GraphVertex vertex : configuration.getVertices().values()) {
            if (vertex instanceof LayerVertex layer) {
                layer.getLayerConf().setSeed(seed);
            }
        }
    }

    ComputationGraph graph() {
        return graph;
    }

    int threads() {
        return threads;
    }

    /** Gradients since the last step. */
    GraphGradients gradients() {
        return gradients;
    }

    @Override
    public NetworkShape shape() {
        return shape;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.plain(stepped.isPresent() ? Capabilities.Carried.STATE : Capabilities.Carried.NOTHING);
    }

    /** Products of other shapes sum in other orders. */
    @Override
    public double tolerance() {
        return input.type() == DataType.DOUBLE ? 1e-9 : 1e-3;
    }

    // ---- passes

    /** What the graph says about rows, by output. */
    Map<String, Columns> said(List<int[]> rows) {
        INDArray[] all = graph.output(false, input.of(rows));
        return columns(i -> all[i]);
    }

    private Map<String, Columns> columns(java.util.function.IntFunction<INDArray> output) {
        Map<String, Columns> columns = new TreeMap<>();
        List<String> names = graph.getConfiguration().getNetworkOutputs();
        for (int i = 0; i < names.size(); i++) {
            INDArray said = output.apply(i);
            if (said.rank() != 3) {
                throw new ModelFileException("the output '" + names.get(i) + "' has the shape "
                        + said.shapeInfoToString().replaceAll("(?s).*Shape: (\\[.*?\\]).*", "$1")
                        + "; outputs are [rows, numbers, time]: let a FeedForwardToRnnPreProcessor or TimeDistributed"
                        + " make it so");
            }
            columns.put(names.get(i), Columns.of(said));
        }
        return columns;
    }

    private static List<int[]> rows(Sequences batch) {
        Layout layout = batch.layout();
        return IntStream.range(0, layout.rows())
                .mapToObj(row -> java.util.Arrays.copyOfRange(batch.tokens(), layout.start(row), layout.end(row)))
                .toList();
    }

    private void passed(Sequences batch) {
        Layout layout = batch.layout();
        int longest =
                IntStream.range(0, layout.rows()).map(layout::length).max().orElse(0);
        memory.passed((long) longest * layout.rows());
    }

    @Override
    public States run(Sequences batch) {
        Map<String, Columns> said = said(rows(batch));
        passed(batch);
        return new GraphStates(batch.layout(), outputs, said);
    }

    @Override
    public Pass train(Sequences batch, OptionalLong dropoutSeed) {
        passed(batch);
        return new GraphPass(batch.layout(), outputs, trained(rows(batch), dropoutSeed), gradients, input.type());
    }

    /** What the graph says in a pass that can go backward. */
    Map<String, Columns> trained(List<int[]> rows, OptionalLong dropoutSeed) {
        if (dropoutSeed.isPresent()) {
            noise.on();
            Nd4j.getRandom().setSeed(dropoutSeed.getAsLong());
        } else {
            noise.off();
        }
        Map<String, INDArray> all = graph.feedForward(new INDArray[] {input.of(rows)}, true, false);
        return columns(i -> all.get(graph.getConfiguration().getNetworkOutputs().get(i)));
    }

    // ---- the rest

    @Override
    public Optimiser optimiser(OptimiserSettings settings, long totalSteps) {
        return updating.optimiser(this, settings, totalSteps);
    }

    @Override
    public NextTokens<?> nextTokens() {
        return stepped.<NextTokens<?>>map(steps -> steps).orElseGet(() -> new RecomputedGraph(this, outputs, memory));
    }

    @Override
    public String contentHash() {
        return GraphWeights.hash(graph);
    }

    @Override
    public long gradientBytes() {
        return gradients.bytes();
    }

    @Override
    public void save(Path directory) {
        noise.on();
        GraphFile.write(directory, graph);
    }

    @Override
    public void close() {
        graph.close();
        gradients.close();
    }

    /** Numbers of a finished pass. */
    record GraphStates(Layout layout, GraphOutputs outputs, Map<String, Columns> said) implements States {
        @Override
        public void logits(int token, double[] into) {
            int row = row(layout, token);
            said.get(outputs.logits()).read(row, token - layout.start(row), into);
        }

        @Override
        public double head(Head head, int token) {
            int row = row(layout, token);
            return said.get(outputs.heads().get(head)).get(row, 0, token - layout.start(row));
        }

        static int row(Layout layout, int token) {
            int low = 0;
            int high = layout.rows() - 1;
            while (low < high) {
                int middle = (low + high + 1) / 2;
                if (layout.start(middle) <= token) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            return low;
        }
    }
}
