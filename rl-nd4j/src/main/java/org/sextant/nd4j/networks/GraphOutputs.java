// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.sextant.api.output.Head;
import org.sextant.models.files.ModelFileException;

/**
 * Which outputs of a graph are what: the ones named {@code value} and {@code score} are heads, the other one is the logits.
 *
 * @param logits name of the output
 * @param heads names of those that are there
 */
record GraphOutputs(String logits, Map<Head, String> heads) {
    static GraphOutputs of(ComputationGraphConfiguration graph) {
        Map<Head, String> heads = new TreeMap<>();
        for (Head head : Head.values()) {
            if (graph.getNetworkOutputs().contains(head.key())) {
                heads.put(head, head.key());
            }
        }
        List<String> rest = graph.getNetworkOutputs().stream()
                .filter(name -> !heads.containsValue(name))
                .toList();
        if (rest.size() != 1) {
            throw new ModelFileException("the graph has the outputs " + graph.getNetworkOutputs()
                    + "; a policy has one for the logits, and may have others named " + headNames());
        }
        requireUnread(graph);
        return new GraphOutputs(rest.getFirst(), heads);
    }

    /** Errors from outside would take the place of those that come down from the reader. */
    private static void requireUnread(ComputationGraphConfiguration graph) {
        graph.getVertexInputs()
                .forEach((reader, inputs) -> inputs.stream()
                        .filter(graph.getNetworkOutputs()::contains)
                        .findFirst()
                        .ifPresent(output -> {
                            throw new ModelFileException("the output '" + output + "' is read by '" + reader
                                    + "', and gradients of one would hide those of the other: put an ActivationLayer"
                                    + " with activation IDENTITY on top, and make that the output");
                        }));
    }

    private static Set<String> headNames() {
        return Arrays.stream(Head.values()).map(Head::key).collect(Collectors.toSet());
    }

    /**
     * Makes outputs that compute a loss into ones that hand over logits, with the same weights in the same places: the loss is ours.
     *
     * @throws ModelFileException that names an output for which there is no such one
     */
    static void withoutLosses(ComputationGraphConfiguration graph) {
        for (String output : graph.getNetworkOutputs()) {
            GraphVertex vertex = graph.getVertices().get(output);
            if (vertex instanceof LayerVertex layer) {
                NeuralNetConfiguration conf = layer.getLayerConf();
                plain(output, conf.getLayer()).ifPresent(conf::setLayer);
            }
        }
    }

    /** What takes the place of a layer; empty if it may stay. */
    private static Optional<Layer> plain(String output, Layer layer) {
        Optional<Layer> plain = switch (layer) {
            case RnnOutputLayer old ->
                Optional.of(new TimeDistributed(dense(old, kept(output, old, old.getActivationFn())), RNNFormat.NCW));
            case RnnLossLayer old -> Optional.of(new ActivationLayer(kept(output, old, old.getActivationFn())));
            case BaseOutputLayer old -> throw refused(output, old, "an output layer that computes a loss");
            case LossLayer old -> throw refused(output, old, "a loss");
            case BaseLayer old
            when old.getActivationFn() instanceof ActivationSoftmax -> throw refused(output, old, "probabilities");
            default -> Optional.empty();
        };
        plain.ifPresent(made -> made.setLayerName(layer.getLayerName()));
        return plain;
    }

    /** A head says what it said with its loss; of the logits' softmax nothing is left. */
    private static IActivation kept(String output, Layer layer, IActivation activation) {
        if (headNames().contains(output)) {
            return activation;
        }
        if (activation instanceof ActivationSoftmax || activation instanceof ActivationIdentity) {
            return new ActivationIdentity();
        }
        throw refused(output, layer, "with activation " + activation + " what is no softmax of logits");
    }

    private static DenseLayer dense(RnnOutputLayer old, IActivation activation) {
        DenseLayer dense = new DenseLayer.Builder()
                .nIn(old.getNIn())
                .nOut(old.getNOut())
                .hasBias(old.hasBias())
                .activation(activation)
                .build();
        dense.setConstraints(old.getConstraints());
        dense.setWeightNoise(old.getWeightNoise());
        dense.setWeightInitFn(old.getWeightInitFn());
        dense.setBiasInit(old.getBiasInit());
        dense.setRegularization(old.getRegularization());
        dense.setRegularizationBias(old.getRegularizationBias());
        dense.setIUpdater(old.getIUpdater());
        dense.setBiasUpdater(old.getBiasUpdater());
        dense.setIDropout(old.getIDropout());
        dense.setGradientNormalization(old.getGradientNormalization());
        dense.setGradientNormalizationThreshold(old.getGradientNormalizationThreshold());
        dense.setLayerName(old.getLayerName());
        return dense;
    }

    private static ModelFileException refused(String output, Layer layer, String what) {
        return new ModelFileException("the output '" + output + "' is a "
                + layer.getClass().getSimpleName() + ", " + what + "; a policy hands over its logits [rows,"
                + " vocabulary, time]: end the graph with a"
                + " Convolution1DLayer of kernel 1, or a DenseLayer"
                + " in TimeDistributed, with activation IDENTITY (an"
                + " RnnOutputLayer or an RnnLossLayer is made into"
                + " one)");
    }
}
