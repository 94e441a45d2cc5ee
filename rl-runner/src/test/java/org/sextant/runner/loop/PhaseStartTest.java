// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.ReferenceKernels;

class PhaseStartTest {
    private static final String SFT = "{ kind = sft, rows-per-step = 4, steps = ";

    @TempDir
    Path folder;

    private SmallRun run(String name, String phases) throws Exception {
        return run(name, phases, "");
    }

    private SmallRun run(String name, String phases, String more) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run("phases = [ " + phases + " ]\n" + more);
        return run;
    }

    private String from(String name) {
        return ", from = \"" + folder.resolve(name).resolve("model") + "\" }";
    }

    @Test
    void phaseStartsFromASavedModelOrFromWhatTheOneBeforeLeft() throws Exception {
        SmallRun saved = run("saved", SFT + "3 }");
        SmallRun both = run("both", SFT + "1 }, " + SFT + "2" + from("saved") + ", " + SFT + "2 }");
        ReferenceKernels kernels = new ReferenceKernels();

        assertThat(both.hashOf("models/phase-0", kernels)).isEqualTo(saved.model());
        assertThat(both.hashOf("models/phase-1", kernels))
                .isNotEqualTo(saved.model())
                .isNotEqualTo(both.model());
    }

    @Test
    void aModelOfAnotherAlphabetIsRefused() throws Exception {
        run("minus", SFT + "1 }", "task.operators = [\"-\"]");
        assertThatThrownBy(() -> run("plus", SFT + "1 }, " + SFT + "1" + from("minus")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("has the tokenizer CharacterTokenizer[0123456789=-], this run"
                        + " CharacterTokenizer[0123456789=+]");
    }

    private String adapterOn(String path, int rank) {
        return "model { path = \"" + folder.resolve(path) + "\", adapter { rank = " + rank
                + ", targets = [v_proj, q_proj, q_proj] } }";
    }

    @Test
    void aPhaseOfAnAdapterRunThatStartsFromAWholeModelTrainsANewAdapterForIt() throws Exception {
        run("first", SFT + "1 }");
        run("second", SFT + "2 }");
        run("adapted", SFT + "1 }, " + SFT + "1" + from("second"), adapterOn("first/model", 2));

        AdapterConfigFile saved = AdapterConfigFile.read(folder.resolve("adapted/model"));
        assertThat(saved.base()).isEqualTo(folder.resolve("second/model").toString());
        assertThat(saved.settings().targets()).containsExactly("q_proj", "v_proj");
    }

    @Test
    void aSavedAdapterIsTrainedOnButNotAsAnother() throws Exception {
        run("first", SFT + "1 }");
        run("adapted", SFT + "1 }", adapterOn("first/model", 2));
        run("same", SFT + "1 }", adapterOn("adapted/model", 2));
        assertThat(AdapterConfigFile.read(folder.resolve("same/model")).base())
                .isEqualTo(folder.resolve("first/model").toString());
        assertThatThrownBy(() -> run("wider", SFT + "1 }", adapterOn("adapted/model", 4)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("adapted/model has an adapter of AdapterSettings[rank=2")
                .hasMessageContaining("leave model.adapter out");
    }

    @Test
    void anAdapterWhoseModelWasMovedSaysWhereItLookedForIt() throws Exception {
        run("first", SFT + "1 }");
        run("adapted", SFT + "1 }", adapterOn("first/model", 2));
        Files.move(folder.resolve("first/model"), folder.resolve("moved"));
        assertThatThrownBy(() -> run("again", SFT + "1 }", adapterOn("adapted/model", 2)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(folder + "/first/model: no model is there");
        Files.delete(folder.resolve("adapted/model/sextant_base.json"));
        assertThatThrownBy(() -> run("once more", SFT + "1 }", adapterOn("adapted/model", 2)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("adapter_config.json: base_model_name_or_path is \"" + folder + "/first/model\"")
                .hasMessageContaining("set it to the directory where the adapter's model is now");
    }
}
