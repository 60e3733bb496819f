export { People } from './People';
export { PersonDoor } from './PersonDoor';
export { Switcher } from './Switcher';
