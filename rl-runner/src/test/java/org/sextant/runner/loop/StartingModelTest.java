// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.config.ConfigException;
import org.sextant.api.random.Streams;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.runner.config.Layers;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;

@DisplayName("What a run starts from")
class StartingModelTest {
    private static final String SFT = "{ kind = sft, rows-per-step = 4, steps = 1 ";

    @TempDir
    Path folder;

    private String adapter;

    @BeforeEach
    void adapter() throws Exception {
        new SmallRun(folder.resolve("base")).run("phases = [ " + SFT + "} ]");
        new SmallRun(folder.resolve("adapted"))
                .run("phases = [ " + SFT + "} ]\nmodel { path = \"" + folder.resolve("base/model")
                        + "\", adapter { rank = 2, targets = [q_proj] } }");
        adapter = "\"" + folder.resolve("adapted/model") + "\"";
    }

    private static StartingModel start(String hocon) {
        Wiring wiring = Wiring.of(new Plugins(List.of()));
        return StartingModel.of(
                wiring.get(ExperimentReader.class).read(Layers.parse("test.conf", SmallRun.BASE + hocon, List.of())));
    }

    @ParameterizedTest
    @CsvSource({"freeze-layers, 1", "freeze-embeddings, true"})
    @DisplayName("Settings that a saved adapter makes void are problems of the configuration, wherever it starts")
    void frozen(String key, String value) {
        String frozen = "\nmodel." + key + " = " + value + "\n";
        for (String hocon : List.of(
                "phases = [ " + SFT + "} ]" + frozen + "model.path = " + adapter,
                "phases = [ " + SFT + "}, " + SFT + ", from = " + adapter + " } ]" + frozen)) {
            assertThatThrownBy(() -> start(hocon).requireSaved())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("test.conf:10: model." + key + ": there is an adapter in "
                            + folder.resolve("adapted/model"))
                    .hasMessageContaining("leave freeze-layers and freeze-embeddings out");
        }
        start("phases = [ " + SFT + "} ]" + frozen + "model.path = \"" + folder.resolve("base/model") + "\"")
                .requireSaved();
    }

    @Test
    @DisplayName("A tokenizer that does not fit leaves nothing open")
    void closed() {
        StartingModel start = start("phases = [ " + SFT + "} ]\nmodel.path = " + adapter);
        try (Kernels kernels = new ReferenceKernels()) {
            try (ModelShelf shelf = start.shelf(kernels)) {
                assertThatThrownBy(() -> start.open(
                                CharacterTokenizer.of("abcdefghijklmnopqrstuvwxyz"), shelf, kernels, new Streams(1)))
                        .isInstanceOf(ModelFileException.class);
            }
            assertThat(kernels.memory())
                    .isNotEmpty()
                    .extracting(MemoryUse::bytes)
                    .containsOnly(0L);
        }
    }
}
