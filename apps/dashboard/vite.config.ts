import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

// What is served is the production build, whoever asks for it.
process.env.NODE_ENV = 'production'

// biome-ignore lint/style/noDefaultExport: Vite reads the default export.
export default defineConfig({
  plugins: [tailwindcss()],
  resolve: { conditions: ['commet-source', 'module', 'browser', 'production'] },
  oxc: { jsx: { runtime: 'automatic' } },
  build: { manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
