// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.NetworkFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.network.NetworkModel;

@DisplayName("A saved Deeplearning4j graph")
class GraphFileTest {
    private static final Map<String, String> SETTINGS = Map.of("updater", "own");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve(GraphFile.NAME);
    }

    private static NetworkModel critic() {
        return new NetworkModel(
                Role.CRITIC,
                Graphs.network(Graphs.over(Graphs.lstm(Graphs.WIDTH), DataType.FLOAT), Updating.OWN),
                "dl4j",
                SETTINGS);
    }

    private static GraphNetwork open(Path directory) {
        try (Kernels kernels = new ReferenceKernels()) {
            return new SavedGraphProvider().open(directory, NetworkFile.read(directory), kernels);
        }
    }

    @Test
    @DisplayName("Says the same again, and is saved in the same bytes")
    void roundTrip() throws IOException {
        Experience batch = Graphs.batch(5, 3);
        Set<Output> outputs = Set.of(new LogProb(), org.sextant.api.output.Head.VALUE);
        try (NetworkModel model = critic()) {
            model.save(folder);
            try (NetworkModel again = new NetworkModel(Role.CRITIC, open(folder), "dl4j", SETTINGS)) {
                assertThat(again.contentHash()).isEqualTo(model.contentHash());
                outputs.forEach(output -> assertThat(
                                again.score(batch, Set.of(output), 1).get(output))
                        .isEqualTo(model.score(batch, Set.of(output), 1).get(output)));
                Path other = Files.createDirectory(folder.resolve("other"));
                again.save(other);
                for (String name : List.of(GraphFile.NAME, NetworkFile.NAME)) {
                    assertThat(other.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
                }
            }
        }
    }

    @Test
    @DisplayName("Has the same bytes for the same seed, whenever it was made")
    void seeds() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (NetworkModel one = critic()) {
            one.save(folder);
        }
        Thread.sleep(2);
        try (NetworkModel two = critic()) {
            two.save(other);
        }
        assertThat(other.resolve(GraphFile.NAME)).hasSameBinaryContentAs(file);
    }

    @Test
    @DisplayName("Is one for ModelSerializer, and one of ModelSerializer's is read")
    void modelSerializer() throws IOException {
        ComputationGraph theirs = new ComputationGraph(Graphs.classifier(DataType.FLOAT, out -> out));
        theirs.init();
        ModelSerializer.writeModel(theirs, file.toFile(), true);
        try (GraphNetwork ours = GraphFile.read(file).open(file, Graphs.CONTEXT, Updating.OWN, 1)) {
            assertThat(Numbers.of(ours.graph().params())).isEqualTo(Numbers.of(theirs.params()));
            ours.save(folder);
            ComputationGraph back = ModelSerializer.restoreComputationGraph(file.toFile());
            assertThat(Numbers.of(back.params())).isEqualTo(Numbers.of(theirs.params()));
        }
    }

    private Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    private void write(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        Files.write(file, bytes.toByteArray());
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    @DisplayName("Is refused where it is damaged, whatever part of it is")
    void damaged() throws IOException {
        try (NetworkModel model = critic()) {
            model.save(folder);
        }
        byte[] whole = Files.readAllBytes(file);
        Map<String, byte[]> entries = entries();
        byte[] weights = entries.get("coefficients.bin");
        String configuration = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);

        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertRefused("network.zip");
        entries.put("coefficients.bin", java.util.Arrays.copyOf(weights, weights.length - 5));
        write(entries);
        assertRefused("network.zip");
        entries.put("coefficients.bin", java.util.Arrays.copyOf(weights, 20));
        write(entries);
        assertRefused("network.zip");
        entries.put("coefficients.bin", weights);
        entries.put("configuration.json", configuration.substring(0, 300).getBytes(StandardCharsets.UTF_8));
        write(entries);
        assertRefused("configuration.json is damaged");
        entries.put("configuration.json", "{}".getBytes(StandardCharsets.UTF_8));
        write(entries);
        assertRefused("is not of a ComputationGraph");
        entries.put(
                "configuration.json",
                configuration.replace("\"nin\" : 5", "\"nin\" : 6").getBytes(StandardCharsets.UTF_8));
        write(entries);
        assertRefused("weights, and its configuration has");
        entries.remove("configuration.json");
        write(entries);
        assertRefused("has no configuration.json");
    }

    @Test
    @DisplayName("Cannot name classes that are not Deeplearning4j's")
    void classes() throws IOException {
        try (NetworkModel model = critic()) {
            model.save(folder);
        }
        Map<String, byte[]> entries = entries();
        String configuration = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
        String name = "org.deeplearning4j.nn.conf.layers.LSTM";
        assertThat(configuration).contains(name);
        entries.put(
                "configuration.json",
                configuration.replace(name, "com.example.Evil").getBytes(StandardCharsets.UTF_8));
        write(entries);
        assertRefused("names the class com.example.Evil");

        // Of a name that is there twice, one parser takes the first and another the last.
        String twice = "\"@class\" : \"com.example.Evil\", \"@class\" : \"" + name + "\"";
        String doubled = configuration.replaceAll("\"@class\"\\s*:\\s*\"" + Pattern.quote(name) + "\"", twice);
        assertThat(doubled).contains("com.example.Evil");
        entries.put("configuration.json", doubled.getBytes(StandardCharsets.UTF_8));
        write(entries);
        assertRefused("configuration.json is damaged");
    }
}
