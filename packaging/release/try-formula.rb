# Reads dist/layerwise.rb as Homebrew does on this machine, and installs from the archive next to it: try-formula.rb DIST PREFIX
require "digest"
require "fileutils"
require "pathname"

DIST, PREFIX = ARGV.map { |it| Pathname(it).expand_path }
CPU = RUBY_PLATFORM.match?(/arm|aarch64/) ? :arm : :intel
SYSTEM = RUBY_PLATFORM.include?("darwin") ? :macos : :linux

# A folder of the prefix, with the `install` of Homebrew.
class Target < Pathname
  def install(what)
    mkpath
    pairs = what.is_a?(Hash) ? what : Array(what).to_h { |it| [it, File.basename(it)] }
    raise "nothing to install" if pairs.empty?
    pairs.each { |from, to| FileUtils.cp(from, self + to) }
  end
end

class Formula
  class << self
    attr_reader :values

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) { |value| (@values ||= {})[name] = value }
    end
    %i[macos linux arm intel].each do |name|
      define_method(:"on_#{name}") do |&block|
        # Every block has to make sense; only that of this machine counts.
        before = (@values || {}).dup
        block.call
        check if %i[arm intel].include?(name)
        @values = before unless [CPU, SYSTEM].include?(name)
      end
    end

    def check
      file = DIST + File.basename(@values.fetch(:url))
      raise "#{file}: no such archive" unless file.exist?
      raise "#{file}: another checksum" unless Digest::SHA256.file(file).hexdigest == @values.fetch(:sha256)
    end

    def test(&block)
      @test = block
    end
  end

  { bin: "bin", man1: "share/man/man1", bash_completion: "etc/bash_completion.d",
    fish_completion: "share/fish/vendor_completions.d", zsh_completion: "share/zsh/site-functions" }.each do |name, path|
    define_method(name) { Target.new((PREFIX + path).to_s) }
  end
end

require (DIST + "layerwise.rb").to_s
archive = DIST + File.basename(Layerwise.values.fetch(:url))
unpacked = PREFIX + "unpacked"
unpacked.mkpath
system("tar", "-C", unpacked.to_s, "--strip-components=1", "-xzf", archive.to_s, exception: true)
Dir.chdir(unpacked) { Layerwise.new.install }
puts Layerwise.values.values_at(:version, :url)
