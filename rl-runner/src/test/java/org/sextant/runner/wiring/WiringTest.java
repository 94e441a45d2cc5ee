// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Injector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.config.ConfigException;
import org.sextant.api.environment.Task;
import org.sextant.api.random.Streams;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.runner.config.Layers;

class WiringTest {
    @TempDir
    Path folder;

    @Test
    void jarAgainstTheApiAloneIsAPlugin() throws IOException {
        PluginJar.reward(folder, "letters", "letters");
        Wiring wiring = Wiring.of(Plugins.at(List.of(folder), "--plugins"));
        assertThat(wiring.get(Catalogs.class).rewards().byName()).containsKey("letters");
    }

    @Test
    void twoPluginsOfOneNameAreBothNamed() throws IOException {
        Path one = PluginJar.reward(folder, "letters", "one");
        String other = """
            package example;
            public final class OtherReward implements org.sextant.api.reward.RewardProvider {
                public String name() { return "letters"; }
                public String summary() { return "other"; }
                public org.sextant.api.reward.RewardFunction create(org.sextant.api.config.ConfigReader own) { return null; }
            }
            """;
        Path two = PluginJar.of(
                folder, "two", "org.sextant.api.reward.RewardProvider", "example.OtherReward", other, null);
        assertThatThrownBy(() -> Wiring.of(Plugins.at(List.of(one, two), "--plugins")))
                .isInstanceOf(WiringException.class)
                .hasMessage(
                        "two rewards are named 'letters': example.LetterReward in one.jar and example.OtherReward in"
                                + " two.jar; leave one of the jars out");
    }

    @Test
    void serviceFileWithoutItsClassIsOneSentence() throws IOException {
        Path jar = PluginJar.of(
                folder,
                "bad",
                "org.sextant.api.reward.RewardProvider",
                "example.Nothing",
                "package example; public class Nothing {}",
                null);
        Path classes = folder.resolve("bad-classes");
        Files.delete(classes.resolve("example/Nothing.class"));
        PluginJar.jar(jar, classes);
        assertThatThrownBy(() -> Wiring.of(new Plugins(List.of(jar))))
                .isInstanceOf(WiringException.class)
                .hasMessage(jar + ": META-INF/services/org.sextant.api.reward.RewardProvider names"
                        + " example.Nothing, and there is no such class: correct the name (a class"
                        + " inside another is Outer$Inner), or build the jar again");
    }

    @Test
    void jarMayShipAModuleThatInjectsItsProvider() throws IOException {
        String source = """
            package example;
            import com.google.inject.*;
            import com.google.inject.multibindings.*;
            import org.sextant.api.reward.*;
            public final class Wired extends AbstractModule {
                record Dictionary(String word) {}
                static final class WordReward implements RewardProvider {
                    private final Dictionary dictionary;
                    @jakarta.inject.Inject WordReward(Dictionary dictionary) { this.dictionary = dictionary; }
                    public String name() { return "word"; }
                    public String summary() { return dictionary.word(); }
                    public RewardFunction create(org.sextant.api.config.ConfigReader own) { return null; }
                }
                @Override protected void configure() {
                    bind(Dictionary.class).toInstance(new Dictionary("sesame"));
                    bind(WordReward.class);
                    MapBinder.newMapBinder(binder(), String.class, RewardProvider.class).addBinding("word").to(WordReward.class);
                }
            }
            """;
        Path jar = PluginJar.of(folder, "wired", "com.google.inject.Module", "example.Wired", source, null);
        Wiring wiring = Wiring.of(new Plugins(List.of(jar)));
        assertThat(wiring.get(Catalogs.class)
                        .rewards()
                        .byName()
                        .get("word")
                        .get()
                        .summary())
                .isEqualTo("sesame");
    }

    @Test
    void placesWithoutJarsAreErrors() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Plugins.at(List.of(empty), "x.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("x.conf: plugins: no jar in " + empty
                        + "; build the plugin, or name the directory where its jar is");
        assertThatThrownBy(() -> Plugins.at(List.of(folder.resolve("gone.jar")), "--plugins"))
                .hasMessage("--plugins: plugins: " + folder.resolve("gone.jar")
                        + " does not exist; name a jar, or a directory of jars");
    }

    @Test
    void whatIsNoJarOrHasNoPluginIsAnError() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.jar"), "not a zip file");
        assertThatThrownBy(() -> Plugins.at(List.of(text), "--plugins"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--plugins: plugins: " + text + " is no jar, or is damaged (");
        Path library =
                PluginJar.of(folder, "library", "java.lang.Runnable", "example.A", "package example; class A {}", null);
        assertThatThrownBy(() -> Plugins.at(List.of(library), "--plugins"))
                .hasMessageContaining("no plugin in " + library)
                .hasMessageContaining("META-INF/services/org.sextant.api");
    }

    @Test
    void aJarThatAPluginNeedsMayLieBesideIt() throws IOException {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        Path library =
                PluginJar.of(folder, "library", "java.lang.Runnable", "example.A", "package example; class A {}", null);
        Files.copy(library, jars.resolve("a.jar"));
        Files.copy(PluginJar.reward(folder, "letters", "letters"), jars.resolve("b.jar"));

        assertThat(Plugins.at(List.of(jars), "--plugins").jars()).hasSize(2);
    }

    @Test
    void runHasItsOwnInjectorBelowThePlugins() {
        String hocon = "seed = 7, task { name = counting }, reward { name = constant }, phases = [ { kind = rest } ]";
        Experiment experiment = new ExperimentReader(Fakes.catalogs()).read(Layers.parse("x.conf", hocon, List.of()));
        Injector run = Wiring.of(new Plugins(List.of())).run(new RunModule(experiment, new ReferenceKernels()));
        assertThat(run.getInstance(Task.class)).isSameAs(experiment.task());
        assertThat(run.getInstance(Streams.class).seed()).isEqualTo(7);
        assertThat(run.getInstance(Catalogs.class).all()).hasSize(6);
        assertThatThrownBy(() -> run.getInstance(StringBuilder.class))
                .hasMessageContaining("Explicit bindings are required");
    }
}
