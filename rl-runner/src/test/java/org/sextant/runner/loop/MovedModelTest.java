// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.Sha256;

@DisplayName("A run whose starting model has moved")
class MovedModelTest {
    private static final String PHASES = """
        phases = [
          { kind = sft, steps = 1, rows-per-step = 4 }
          { kind = rl, steps = 3, prompts-per-step = 2
            algorithm { name = grpo, samples-per-prompt = 3, kl.coefficient = 0.1 } }
        ]
        """;

    @TempDir
    Path folder;

    @BeforeEach
    void base() throws Exception {
        new SmallRun(folder.resolve("base")).run("phases = [ { kind = sft, rows-per-step = 4, steps = 1 } ]\n");
    }

    private String lora(Path base) {
        return PHASES + "model { path = \"" + base + "\", adapter { rank = 2, targets = [q_proj, down_proj] } }";
    }

    private Path base(String moved) {
        return folder.resolve(moved).resolve("model");
    }

    private SmallRun stopped(String hocon) throws Exception {
        SmallRun stopped = new SmallRun(folder.resolve("run")).stoppingAfter(2);
        assertThat(stopped.run(hocon)).isEqualTo(new Ending.Stopped(2));
        return stopped.next();
    }

    private void move() throws Exception {
        Files.move(folder.resolve("base"), folder.resolve("moved"));
    }

    @Test
    @DisplayName("An adapter run goes on with it where it is now, and says so in what it saves")
    void adapter() throws Exception {
        SmallRun straight = new SmallRun(folder.resolve("straight"));
        straight.run(lora(base("base")));
        SmallRun resumed = stopped(lora(base("base")));
        move();
        resumed.run(lora(base("moved")));

        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(AdapterConfigFile.read(folder.resolve("run/model")).base())
                .isEqualTo(base("moved").toString());
    }

    @Test
    @DisplayName("An adapter on an adapter's model finds it by model.base")
    void adapterOfAnAdapter() throws Exception {
        new SmallRun(folder.resolve("first")).run(lora(base("base")));
        String again = PHASES + "model.path = \"" + folder.resolve("first/model") + "\"\n";
        SmallRun resumed = stopped(again);
        move();
        assertThatThrownBy(() -> resumed.run(again))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(base("base") + ": no model is there")
                .hasMessageContaining("--set model.base=DIR");
        resumed.next().run(again + "model.base = \"" + base("moved") + "\"");
        assertThat(AdapterConfigFile.read(folder.resolve("run/model")).base())
                .isEqualTo(base("moved").toString());
    }

    @Test
    @DisplayName("Other weights in its place are refused, by path and hash")
    void otherWeights() throws Exception {
        SmallRun resumed = stopped(lora(base("base")));
        String trainedOn = Sha256.ofWeights(base("base"));
        new SmallRun(folder.resolve("other")).run("phases = [ { kind = sft, rows-per-step = 4, steps = 2 } ]\n");
        move();
        assertThatThrownBy(() -> resumed.run(lora(base("other"))))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("was trained on weights of SHA-256 " + trainedOn)
                .hasMessageContaining(base("base") + ": no model is there")
                .hasMessageContaining(
                        base("other") + ": there are weights of SHA-256 " + Sha256.ofWeights(base("other")));
    }

    @Test
    @DisplayName("Weights that were replaced where the adapter says are refused too")
    void replacedWeights() throws Exception {
        SmallRun resumed = stopped(lora(base("base")));
        new SmallRun(folder.resolve("other")).run("phases = [ { kind = sft, rows-per-step = 4, steps = 2 } ]\n");
        move();
        Files.move(folder.resolve("other"), folder.resolve("base"));
        assertThatThrownBy(() -> resumed.run(lora(base("base"))))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(base("base") + ": there are weights of SHA-256");
    }

    @Test
    @DisplayName("A run that trains all weights goes on without it")
    void whole() throws Exception {
        String hocon = PHASES + "model.path = \"" + base("base") + "\"";
        SmallRun straight = new SmallRun(folder.resolve("straight"));
        straight.run(hocon);
        SmallRun resumed = stopped(hocon);
        move();
        resumed.run(hocon);
        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
    }
}
