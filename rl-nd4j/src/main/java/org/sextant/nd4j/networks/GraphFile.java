// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.WholeFile;

/**
 * A graph in a zip as {@code ModelSerializer} writes and reads it: configuration and weights. It is read by hand: nothing is deserialised, the configuration
 * may name classes of Deeplearning4j and ND4J alone ({@link NamedClasses}), and no more memory is taken than the file has numbers for.
 *
 * @param configuration of the graph
 * @param weights in a row
 */
record GraphFile(ComputationGraphConfiguration configuration, INDArray weights) {
    static final String NAME = "network.zip";

    private static final String CONFIGURATION = "configuration.json";
    private static final String WEIGHTS = "coefficients.bin";
    private static final int MOST_CONFIGURATION = 16 << 20;
    /** Of a key that comes twice one parser takes the first, another the last: what is checked must be what is read. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** The oldest that a zip can say: equal graphs give equal files. */
    private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** Writes it, completely or not at all. */
    static void write(Path directory, ComputationGraph graph) {
        forgetLengths(graph.getConfiguration());
        byte[] configuration = graph.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            entry(zip, CONFIGURATION);
            zip.write(configuration);
            entry(zip, WEIGHTS);
            DataOutputStream numbers = new DataOutputStream(zip);
            try (INDArray packed = graph.params().dup('c')) {
                Nd4j.write(packed, numbers);
            }
            numbers.flush();
        } catch (IOException e) {
            throw ModelFileException.of("write", directory.resolve(NAME), e);
        }
        WholeFile.writeBytes(directory.resolve(NAME), bytes.toByteArray());
    }

    /** An embedding that infers the length of rows notes that of the last pass in its configuration. */
    private static void forgetLengths(ComputationGraphConfiguration graph) {
        for (GraphVertex vertex : graph.getVertices().values()) {
            if (vertex instanceof LayerVertex layer
                    && layer.getLayerConf().getLayer() instanceof EmbeddingSequenceLayer embedding
                    && embedding.isInferInputLength()) {
                embedding.setInputLength(1);
            }
        }
    }

    private static void entry(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ALWAYS);
        zip.putNextEntry(entry);
    }

    /** @throws ModelFileException if it is not there, damaged, or names classes that it may not */
    static GraphFile read(Path file) {
        RunningNd4j.start();
        ComputationGraphConfiguration configuration;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            configuration = configuration(file, text(file, zip));
            ZipEntry entry = required(file, zip, WEIGHTS);
            try (InputStream in = zip.getInputStream(entry)) {
                return new GraphFile(configuration, SavedNumbers.read(in, weights(configuration)));
            }
        } catch (IOException e) {
            throw ModelFileException.of("read", file, e);
        }
    }

    /**
     * The network.
     *
     * @param file that this was read from
     * @throws ModelFileException if the weights are not those of the configuration, or the graph is no policy
     */
    GraphNetwork open(Path file, int context, Updating updating, int threads) {
        try {
            return GraphNetwork.of(configuration, Optional.of(weights), 0, context, updating, threads);
        } catch (ModelFileException e) {
            throw new ModelFileException(file + ": " + e.getMessage(), e);
        }
    }

    private static long weights(ComputationGraphConfiguration configuration) {
        return configuration.getVertices().values().stream()
                .mapToLong(vertex -> vertex.numParams(false))
                .sum();
    }

    private static String text(Path file, ZipFile zip) throws IOException {
        try (InputStream in = zip.getInputStream(required(file, zip, CONFIGURATION))) {
            byte[] bytes = in.readNBytes(MOST_CONFIGURATION + 1);
            if (bytes.length > MOST_CONFIGURATION) {
                throw new ModelFileException(
                        file + ": " + CONFIGURATION + " has more than " + MOST_CONFIGURATION + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static ZipEntry required(Path file, ZipFile zip, String name) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new ModelFileException(file + " has no " + name
                    + ": it is no graph that ModelSerializer wrote; save it with ModelSerializer.writeModel");
        }
        return entry;
    }

    private static ComputationGraphConfiguration configuration(Path file, String text) {
        try {
            JsonNode root = STRICT.readTree(text);
            NamedClasses.require(file, root);
            if (!root.path("vertices").isObject()) {
                throw new ModelFileException(file + " is not of a ComputationGraph: its " + CONFIGURATION
                        + " has no vertices; turn a MultiLayerNetwork into one with toComputationGraph()");
            }
            return ComputationGraphConfiguration.fromJson(root.toString());
        } catch (JsonProcessingException e) {
            throw new ModelFileException(
                    file + ": " + CONFIGURATION + " is damaged: " + ModelFileException.words(e), e);
        } catch (ModelFileException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ModelFileException(
                    file + ": " + CONFIGURATION + " is no configuration of Deeplearning4j: " + e.getMessage(), e);
        }
    }
}
