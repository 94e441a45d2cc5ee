// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.text.Tokenizers;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Parameter.Form;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** {@code -Dfuzz.mutants=100000} sets how many mutants all targets share, {@code -Dfuzz.seed=1} the first of their seeds. */
@Tag("slow")
@DisplayName("Damaged files are refused with their name and the place, whatever the damage")
class FuzzTest {
    private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 4800);
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    @TempDir
    Path directory;

    private final Kernels kernels = new ReferenceKernels();
    private final MemoryArena arena = kernels.arena("test");
    private final List<TensorRows> tensors = new ArrayList<>();
    private LanguageModel base;

    @BeforeEach
    void weights() {
        tensors.add(new TensorRows("embedding", arena.allocate("e", 11, 4), 0, 11, Form.MATRIX));
        tensors.add(new TensorRows("turned", arena.allocate("t", 6, 4), 0, 6, Form.TRANSPOSED));
        tensors.add(new TensorRows("bias", arena.allocate("b", 6, 1), 0, 6, Form.VECTOR));
        tensors.add(new TensorRows("norm", arena.allocate("n", 1, 4), 0, 1, Form.VECTOR));
    }

    @AfterEach
    void close() {
        base.close();
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

    private void load(Path folder) {
        LanguageModel.load(folder, kernels, Role.POLICY).close();
    }

    /** A whole small model of a family, with all that a directory can have. */
    private Path model(Family family) throws IOException {
        boolean gpt2 = family == Family.GPT2;
        TransformerConfig config = new TransformerConfig(
                family,
                11,
                8,
                2,
                2,
                gpt2 ? 2 : 1,
                4,
                12,
                16,
                gpt2 ? new Positions.Learned() : new Positions.Rotary(1e4, new Positions.Llama3(8, 1, 4, 8)),
                1e-5,
                gpt2 ? Biases.ALL : family == Family.QWEN2 ? Biases.QKV : Biases.NONE,
                gpt2,
                List.of(1, 2),
                OptionalInt.of(0));
        Path folder = Files.createDirectory(directory.resolve(family.modelType()));
        Stream stream = new Streams(1).open(StreamKey.of("init"));
        try (LanguageModel model = LanguageModel.fresh(config, Set.of(Head.VALUE), kernels, stream)) {
            model.save(folder, new SaveFormat(ElementType.F16, 1000));
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [1, 3], \"top_p\": 0.9}");
        return folder;
    }

    private static String firstShard(Path folder) throws IOException {
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(folder, "model-00001-of-*.safetensors")) {
            return shards.iterator().next().getFileName().toString();
        }
    }

    private Path adapter(Path of) throws IOException {
        CharacterTokenizer.of("0123456789").save(of);
        base = LanguageModel.base(of, Sha256.ofWeights(of), kernels, WeightFormat.FLOAT);
        AdapterSettings settings = new AdapterSettings(2, 4, 0, List.of("c_attn", "c_fc"), false);
        Path folder = Files.createDirectory(directory.resolve("adapter"));
        try (LanguageModel adapted =
                base.sharing(Role.POLICY, Set.of(), Optional.of(settings), new Streams(1).open(StreamKey.of("init")))) {
            adapted.save(folder);
        }
        return folder;
    }

    private void loadAdapter(Path folder) {
        base.sharing(Role.POLICY, folder).close();
    }

    /** With what it is for, found by the path that it says, and the tokenizer of that. */
    private void openAdapter(Path folder) {
        Path whole = AdapterConfigFile.read(folder).requireBase(folder);
        AdapterBaseFile.read(folder);
        load(whole);
        Tokenizers.read(folder);
    }

    private List<Fuzz> targets() throws IOException {
        Path sharded = saved("sharded", ElementType.BF16, 100);
        List<Fuzz> targets = new ArrayList<>(List.of(
                Fuzz.safetensors("F32", saved("f32", ElementType.F32, 1000), "model.safetensors", this::read),
                Fuzz.safetensors("F16", saved("f16", ElementType.F16, 1000), "model.safetensors", this::read),
                Fuzz.safetensors("shard", sharded, "model-00001-of-00002.safetensors", this::read),
                Fuzz.text("index", sharded, "model.safetensors.index.json", this::read)));
        for (Family family : Family.values()) {
            Path folder = model(family);
            targets.add(Fuzz.text(family + " config", folder, "config.json", this::load));
        }
        targets.add(Fuzz.text("generation", directory.resolve("llama"), "generation_config.json", this::load));
        Path gpt2 = directory.resolve("gpt2");
        targets.add(Fuzz.safetensors("model", gpt2, firstShard(gpt2), this::load));
        Path adapter = adapter(gpt2);
        targets.add(Fuzz.text("adapter config", adapter, "adapter_config.json", this::loadAdapter));
        targets.add(Fuzz.text("adapter base", adapter, "adapter_config.json", this::openAdapter));
        targets.add(Fuzz.safetensors("adapter", adapter, "adapter_model.safetensors", this::loadAdapter));
        return targets;
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
            assertThat(report.refused()).as("a fuzzer that damages").isGreaterThan(MUTANTS / targets.size() / 5);
        }
        assertThat(findings).isEmpty();
    }
}
