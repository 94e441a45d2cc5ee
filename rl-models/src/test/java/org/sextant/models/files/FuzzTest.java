// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.transformer.Parameter.Form;

/** {@code -Dfuzz.mutants=100000} sets how many mutants all targets share, {@code -Dfuzz.seed=1} the first of their seeds. */
@Tag("slow")
@DisplayName("Damaged files are refused with their name and the place, whatever the damage")
class FuzzTest {
    private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 6000);
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    @TempDir
    Path directory;

    private final Kernels kernels = new ReferenceKernels();
    private final MemoryArena arena = kernels.arena("test");
    private final List<TensorRows> tensors = new ArrayList<>();

    @BeforeEach
    void weights() {
        tensors.add(new TensorRows("embedding", arena.allocate("e", 11, 4), 0, 11, Form.MATRIX));
        tensors.add(new TensorRows("turned", arena.allocate("t", 6, 4), 0, 6, Form.TRANSPOSED));
        tensors.add(new TensorRows("bias", arena.allocate("b", 6, 1), 0, 6, Form.VECTOR));
        tensors.add(new TensorRows("norm", arena.allocate("n", 1, 4), 0, 1, Form.VECTOR));
    }

    @AfterEach
    void close() {
        arena.close();
        kernels.close();
    }

    private void read(Path folder) {
        try (SavedTensors saved = WeightFiles.open(folder)) {
            TensorReader.read(saved, tensors, Set.of(), kernels);
        }
    }

    private Path saved(String name, ElementType type, long maxShardBytes) throws IOException {
        Path folder = Files.createDirectory(directory.resolve(name));
        WeightFiles.save(folder, tensors, new SaveFormat(type, maxShardBytes), kernels);
        return folder;
    }

    private List<Fuzz> targets() throws IOException {
        Path sharded = saved("sharded", ElementType.BF16, 100);
        return List.of(
                Fuzz.safetensors("F32", saved("f32", ElementType.F32, 1000), "model.safetensors", this::read),
                Fuzz.safetensors("F16", saved("f16", ElementType.F16, 1000), "model.safetensors", this::read),
                Fuzz.safetensors("shard", sharded, "model-00001-of-00002.safetensors", this::read),
                Fuzz.text("index", sharded, "model.safetensors.index.json", this::read));
    }

    @Test
    void mutants() throws IOException {
        List<Fuzz> targets = targets();
        List<String> findings = new ArrayList<>();
        for (Fuzz target : targets) {
            Fuzz.Report report = target.run(SEED, MUTANTS / targets.size());
            System.out.printf(
                    "%s: %d read, %d refused, at most %d kB allocated%n",
                    report.target(), report.read(), report.refused(), report.mostBytes() / 1000);
            findings.addAll(report.findings());
            assertThat(report.refused()).as("a fuzzer that damages").isGreaterThan(MUTANTS / targets.size() / 4);
        }
        assertThat(findings).isEmpty();
    }
}
