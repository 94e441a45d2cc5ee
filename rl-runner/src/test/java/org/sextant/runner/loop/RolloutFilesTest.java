// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutFilesTest {
    @TempDir
    Path folder;

    @Test
    void everyCollectedRowIsALineWithItsTokensAndNumbers() throws Exception {
        new SmallRun(folder).run("""
            rollouts.save = true
            phases = [ { kind = rl, steps = 2, prompts-per-step = 3
                algorithm { name = grpo, samples-per-prompt = 2, kl.coefficient = 0 } } ]
            """);

        List<String> lines = Files.readAllLines(folder.resolve("rollouts/phase-0-step-000001.jsonl"));
        assertThat(lines).hasSize(6);
        JsonNode row = new ObjectMapper().readTree(lines.get(3));
        assertThat(row.get("group").asInt()).isEqualTo(1);
        int length = row.get("tokens").size();
        assertThat(row.get("response_mask")).hasSize(length);
        assertThat(row.get("old_logp")).hasSize(length);
        assertThat(row.get("old_logp").get(length - 1).asDouble()).isNegative();
        assertThat(row.get("reward").asDouble()).isBetween(0.0, 1.0);
        assertThat(row.get("policy_version").asLong()).isEqualTo(1);
    }
}
